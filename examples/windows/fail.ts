// PowerShell does not run on the Linux machine in this list. Refused at preview.
export const config = { instanceIds: '["i-win1", "i-web1"]' };
