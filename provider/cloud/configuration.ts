/** A value of the stack's configuration by its full key, such as "alicloud:region"; objects arrive as JSON text. */
export type Configuration = (key: string) => string | undefined;
