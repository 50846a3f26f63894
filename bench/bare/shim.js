exports.configure = (request) => import("bare/provider").then((provider) => provider.configure(request));
exports.check = (olds, news) => import("bare/provider").then((provider) => provider.check(olds, news));
exports.diff = (id, olds, news) => import("bare/provider").then((provider) => provider.diff(id, olds, news));
exports.create = (inputs) => import("bare/provider").then((provider) => provider.create(inputs));
exports.read = (id, properties) => import("bare/provider").then((provider) => provider.read(id, properties));
exports.update = (id, olds, news) => import("bare/provider").then((provider) => provider.update(id, olds, news));
exports.delete = (id, properties) => import("bare/provider").then((provider) => provider.delete(id, properties));
