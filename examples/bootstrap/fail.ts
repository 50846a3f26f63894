// A package that there is not: the update fails, and says what each machine printed. The machines stay, and the next update tries again.
export const config = { packages: "ngnix" };
