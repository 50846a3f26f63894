let created = 0;

exports.configure = async () => {};
exports.check = async (_olds, news) => ({ inputs: news, failures: [] });
exports.diff = async (_id, olds, news) => {
  const changes = JSON.stringify(olds.triggers) !== JSON.stringify(news.triggers);
  return { changes, replaces: changes ? ["triggers"] : [] };
};
exports.create = async (inputs) => ({ id: `bare-${++created}`, outs: inputs });
exports.read = async (id, properties) => ({ id, props: properties });
exports.update = async (_id, _olds, news) => ({ outs: news });
exports.delete = async () => {};
