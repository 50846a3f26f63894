// This machine's agent is too old to run anything at boot. Refused at preview.
export const config = { instanceIds: '["i-old1"]' };
