// One machine more: the script runs there alone.
export const config = { instanceIds: '["i-web1", "i-web2", "i-web3"]' };
