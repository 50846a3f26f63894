// Another set of packages: every machine is bootstrapped again.
export const config = { packages: "nginx certbot" };
