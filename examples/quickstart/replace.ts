// Fewer machines: a run that is over runs again, on those that are named now; the live schedule only lets one go.
export const config = { instanceIds: '["i-web1", "i-web2"]' };
