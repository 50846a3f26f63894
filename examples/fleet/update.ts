// The canary is well: a pull request raises `through` to the last wave.
export const config = { through: "4" };
