// Reads like "every day", and would never fire: the agent makes an empty set of it. Refused at preview.
export const config = { frequency: "0 0 2 ? * MON-SUN Asia/Shanghai" };
