// Another hour for the nightly run: changed in place. The run that is over stays over.
export const config = { frequency: "0 30 3 * * ? Asia/Shanghai" };
