export interface Credential {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
}

/** Where the calls of one region go, and what they are signed with. */
export interface Settings {
  regionId: string;
  /** `host` or `host:port`. */
  endpoint: string;
  protocol: "HTTP" | "HTTPS";
  /**
   * Finds the access key; asked before every call, since a temporary one changes.
   * @throws {CredentialsError} when there is none.
   */
  credential(): Promise<Credential>;
}
