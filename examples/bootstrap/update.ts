// One machine more: it alone is bootstrapped.
export const config = { machines: '["web1", "web2", "web3"]' };
