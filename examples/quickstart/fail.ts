// A minute has no second 60. Refused at preview, with the place, before anything runs.
export const config = { frequency: "60 0 2 * * ? Asia/Shanghai" };
