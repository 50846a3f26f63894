// A machine leaves the program: it is taken out of the list, and the others stay.
export const config = { servers: '["10.0.0.1"]' };
