// The next version was merged: the command runs again, on all that carry the tag by now.
export const config = { version: "1.1.0" };
