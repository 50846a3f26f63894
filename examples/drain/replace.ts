// Another port: each machine is taken out of the list before it is added anew.
export const config = { servers: '["10.0.0.1"]', port: "9090" };
