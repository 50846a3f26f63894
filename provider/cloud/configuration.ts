/** A value of what a front was configured with, by its full key, such as "alicloud:region"; objects arrive as JSON text. */
export interface Configuration {
  (key: string): string | undefined;
  /** What stands before the colon of its keys. Default: that of `@pulumi/alicloud`, whose settings are read. */
  readonly namespace?: string;
}

/** The full key of a setting, as a person writes it. */
export const nameSetting = ({ namespace = "alicloud" }: Configuration, setting: string): string =>
  `${namespace}:${setting}`;
