// Another folder from the next boot on: changed in place.
export const config = { folder: "archive" };
