// Half an hour later: changed in place, without a gap and without a run.
export const config = { frequency: "0 30 2 * * ? Asia/Shanghai" };
