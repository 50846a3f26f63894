// Less time than the service gives: refused at preview, long before it is needed.
export const config = { servers: '["10.0.0.1"]', port: "9090", drainTimeout: "5" };
