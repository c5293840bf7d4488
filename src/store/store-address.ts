/** Where a store is, without anything secret: may be kept in settings, shown and logged. */
export type StoreAddress = FolderAddress | ServerAddress | S3Address | WebdavAddress;

export interface FolderAddress {
  readonly kind: 'folder';
  /** Absolute. */
  readonly path: string;
}

/** Cachette's own server. */
export interface ServerAddress {
  readonly kind: 'server';
  /** `https://host:port`. */
  readonly origin: string;
  /** One of the independent stores that the server keeps. */
  readonly name: string;
}

export interface S3Address {
  readonly kind: 's3';
  /** `https://host:port`; undefined: Amazon's for the region. */
  readonly origin: string | undefined;
  readonly bucket: string;
  /** Without slashes around it; may be empty. */
  readonly prefix: string;
  readonly region: string | undefined;
  /** Where the bucket stands in a URL; undefined: as the service likes it. */
  readonly style?: 'path' | 'host' | undefined;
}

export interface WebdavAddress {
  readonly kind: 'webdav';
  readonly origin: string;
  /** Ends in '/'. */
  readonly path: string;
}

/** What opens a store: secret, never shown or logged. */
export type StoreCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'key-pair'; readonly keyId: string; readonly secret: string; readonly sessionToken?: string | undefined }
  | { readonly kind: 'password'; readonly user: string; readonly password: string };

export interface StoreLocation {
  readonly address: StoreAddress;
  /** Undefined: none needed, or (S3) taken from the environment by whoever opens it. */
  readonly credentials: StoreCredentials | undefined;
}
