/** What stands in the error reference for one code. */
export interface ErrorEntry {
  readonly meaning: string;
  readonly remedy: string;
}

/**
 * Every code Labkeeper can show, with its meaning and its remedy. `docs/reference/errors.md` is generated from it.
 * A retired code stays in {@link RETIRED_CODES}, so that no search result ever explains the wrong fault.
 */
export const ERROR_TABLE = {
  // configuration file
  CONFIG_NOT_FOUND: {
    meaning: 'The configuration file does not exist or cannot be read.',
    remedy:
      'Check the path after --config and the permissions of the file. Without --config Labkeeper watches this machine.',
  },
  CONFIG_SYNTAX: {
    meaning: 'The file is not valid YAML.',
    remedy:
      'Mend the place that is named. Most often it is the indentation or a missing quote around a text with a colon.',
  },
  CONFIG_EMPTY: {
    meaning: 'The file holds nothing: most often it is just being written, or was cut off.',
    remedy: 'Write at least `collect: [{ system: {} }]`, or start without a file to watch this machine.',
  },
  CONFIG_DUPLICATE_KEY: {
    meaning: 'The same key stands twice in one mapping.',
    remedy: 'Remove one of the two, or make them two items of a list.',
  },
  CONFIG_UNKNOWN_KEY: {
    meaning: 'A key is not known at this place.',
    remedy: 'Take one of the allowed keys; the nearest one is named.',
  },
  CONFIG_WRONG_TYPE: {
    meaning: 'A value has another type than the option wants.',
    remedy: 'Write the value in the form that is named.',
  },
  CONFIG_WRONG_VALUE: {
    meaning: 'A value has the right type, but is not among those allowed.',
    remedy: 'Take an allowed value or stay within the bounds that are named.',
  },
  CONFIG_MISSING_KEY: {
    meaning: 'An option without a default is missing.',
    remedy: 'Add the option that is named.',
  },
  CONFIG_ENV_MISSING: {
    meaning: 'The file uses ${NAME}, and the environment has no such variable.',
    remedy: 'Set the variable, or write ${NAME:-default}.',
  },
  CONFIG_FILE_UNREADABLE: {
    meaning:
      'A file that the configuration names, by ${file:PATH} or in `rules:`, is not there or cannot be read.',
    remedy:
      'Check the path and the permissions. Relative paths start at the folder of the configuration file.',
  },
  CONFIG_DUPLICATE_NAME: {
    meaning: 'Two tasks of one kind have the same name.',
    remedy: 'Give one of them another `name:`.',
  },
  CONFIG_UNKNOWN_ENTITY: {
    meaning: '`depends_on` names an entity that nothing in the file and nothing seen so far provides.',
    remedy: 'Check the spelling: kind:name, for example server:nas.',
  },
  CONFIG_CYCLE: {
    meaning: 'Entities depend on each other in a circle.',
    remedy: 'Remove one of the `depends_on` in the circle that is named.',
  },
  CONFIG_RULE: {
    meaning: 'A rule file holds something that Prometheus would refuse too.',
    remedy: 'Mend the place that is named. `labkeeper rules check FILE` looks at one file alone.',
  },
  // plugins
  PLUGIN_NOT_FOUND: {
    meaning: 'A package named under `plugins:` cannot be found.',
    remedy: 'Install it beside the configuration file or beside Labkeeper: npm install PACKAGE.',
  },
  PLUGIN_BROKEN: {
    meaning: 'A plugin package was found, but loading it failed.',
    remedy: 'Read the cause that is quoted; it comes from the plugin. Report it to the plugin’s author.',
  },
  PLUGIN_NOT_A_PLUGIN: {
    meaning: 'A package under `plugins:` has no default export made by definePlugin.',
    remedy: 'Check the name of the package.',
  },
  PLUGIN_CORE_VERSION: {
    meaning: 'A plugin was built for another version of the contract.',
    remedy: 'Install a version of the plugin that fits, or update Labkeeper.',
  },
  PLUGIN_DUPLICATE: {
    meaning: 'Two plugins contribute something of the same kind under the same name.',
    remedy: 'Remove one of the two plugins.',
  },
  PLUGIN_UNKNOWN_CONTRIBUTION: {
    meaning: 'No installed plugin contributes something of this kind and name.',
    remedy:
      'Check the spelling; the nearest name is given. If it belongs to another plugin, add that to `plugins:`.',
  },
  // running tasks
  TASK_TIMEOUT: {
    meaning: 'A task did not end before its deadline and was told to stop.',
    remedy: 'Raise `timeout:`, or find out why the target is slow.',
  },
  TASK_FAILED: {
    meaning: 'A task threw an error.',
    remedy: 'Read the cause that is quoted. The task runs again at its next time.',
  },
  TASK_UNKNOWN: {
    meaning: 'There is no task with this id.',
    remedy: 'Ask GET /api/v1/checks for the ids.',
  },
  TASK_DUPLICATE: {
    meaning: 'A task with this id is scheduled already.',
    remedy: 'Stop the first one, or take another id.',
  },
  ISOLATION_CRASHED: {
    meaning:
      'The thread of an isolated plugin ended: out of memory, an uncaught error, or a blocked event loop.',
    remedy:
      'It is started again with a growing pause. Raise its `memory:` or report the fault to the plugin’s author.',
  },
  // outside world
  CONNECTION_FAILED: {
    meaning:
      'The other side could not be reached: name not resolved, refused, unreachable, reset or TLS failed.',
    remedy: 'Check the address, the network and that the service runs.',
  },
  RESPONSE_TIMEOUT: {
    meaning: 'The other side did not answer in time.',
    remedy: 'Raise the timeout, or find out why the other side is slow.',
  },
  RESPONSE_TOO_LARGE: {
    meaning: 'The answer is larger than the limit and was cut off.',
    remedy: 'Raise the limit if the size is right.',
  },
  RESPONSE_MALFORMED: {
    meaning: 'The answer is not in the form that the protocol promises.',
    remedy: 'Check that the address belongs to the product, and its version.',
  },
  REQUEST_REFUSED: {
    meaning: 'The other side answered, and said no.',
    remedy: 'Check credentials and parameters; the answer is quoted.',
  },
  RATE_LIMITED: {
    meaning: 'The other side asks to slow down.',
    remedy: 'Nothing to do: it is tried again when the other side allows it.',
  },
  // storage
  STORAGE_LOCKED: {
    meaning: 'Another Labkeeper process uses this data folder.',
    remedy: 'Stop the other process, or give this one another folder with --data.',
  },
  STORAGE_CORRUPT: {
    meaning:
      'The database is damaged. What can be read goes into a new file at the start; here nothing could be.',
    remedy: 'Restore a backup: labkeeper restore BACKUP --replace. The damaged file is left as it is.',
  },
  STORAGE_NEWER: {
    meaning: 'The database was written by a newer version of Labkeeper.',
    remedy: 'Install that version or a later one; going back is not possible.',
  },
  STORAGE_UNAVAILABLE: {
    meaning: 'The storage cannot be reached or cannot be written.',
    remedy: 'Check disk space, permissions, and for PostgreSQL the connection. Writing resumes by itself.',
  },
  STORAGE_CONFLICT: {
    meaning: 'A record was changed by somebody else in the meantime.',
    remedy: 'Read it again and repeat the change.',
  },
  STORAGE_INVALID: {
    meaning: 'A record, an index or a query does not fit the declaration of its collection.',
    remedy: 'This is a fault of the caller; the message names what does not fit.',
  },
  STORAGE_EMPTY: {
    meaning: 'There is no database in this data folder.',
    remedy: 'Check the folder after --data: it is the one that `labkeeper start` was given.',
  },
  STORAGE_OLDER: {
    meaning: 'The database was written by an older version of Labkeeper and has not been brought up to date.',
    remedy: 'Start Labkeeper once, which does that, or use the version that wrote it.',
  },
  SAMPLE_SERIES_LIMIT: {
    meaning:
      'A source has reported too many different series within an hour; new ones are refused, known ones go on.',
    remedy:
      'Find the label whose values never repeat (the cardinality in /api/v1/system/stats helps), and leave it out.',
  },
  SAMPLE_INVALID: {
    meaning: 'A sample has an invalid name, label or time.',
    remedy: 'This is a fault of the plugin that reported it; the message names the sample.',
  },
  QUERY_UNAVAILABLE: {
    meaning: 'This installation has no query language yet.',
    remedy: 'Use `query.select` with matchers.',
  },
  // API
  BAD_REQUEST: { meaning: 'The request cannot be understood.', remedy: 'See the message and /api/docs.' },
  VALIDATION_ERROR: {
    meaning: 'The request was understood, but a field does not fit the schema.',
    remedy: 'Mend the field that is named; /api/docs shows the schema.',
  },
  UNAUTHORIZED: {
    meaning: 'The key or session is missing or not valid.',
    remedy: 'Send a valid key as X-API-Key, or log in. `labkeeper keys add` makes a key.',
  },
  FORBIDDEN: {
    meaning: 'The key is valid, but its role does not allow this.',
    remedy: 'Use a key with the role that is named.',
  },
  NOT_FOUND: { meaning: 'There is no such thing.', remedy: 'Check the id; lists show what there is.' },
  METHOD_NOT_ALLOWED: { meaning: 'The path exists, the method does not.', remedy: 'See /api/docs.' },
  CONFLICT: {
    meaning: 'It exists already, or is in a state that does not allow this.',
    remedy: 'Read its present state, then decide.',
  },
  PAYLOAD_TOO_LARGE: { meaning: 'The body is larger than the limit.', remedy: 'Send less at once.' },
  UNSUPPORTED_MEDIA_TYPE: {
    meaning: 'The body has a type that is not accepted here.',
    remedy: 'Send application/json.',
  },
  TOO_MANY_REQUESTS: {
    meaning: 'Too many requests in a short time.',
    remedy: 'Wait as long as Retry-After says.',
  },
  SERVICE_UNAVAILABLE: { meaning: 'Labkeeper is starting or stopping.', remedy: 'Try again in a moment.' },
  INTERNAL: {
    meaning: 'A fault in Labkeeper itself.',
    remedy: 'The log has the details under the same request id. Please report it.',
  },
  // program
  LISTEN_FAILED: {
    meaning: 'The address to listen on cannot be used.',
    remedy: 'Another program may use the port: take another with --listen HOST:PORT.',
  },
  LISTEN_INVALID: {
    meaning: 'The text is no address to listen on.',
    remedy:
      'Write HOST:PORT, such as 127.0.0.1:8466 or [::1]:8466. Ports go from 0 to 65535; 0 takes a free one.',
  },
  DATA_FOLDER_UNUSABLE: {
    meaning: 'The data folder cannot be made or used.',
    remedy: 'Take another one with --data DIR, or give the user of Labkeeper the right to write there.',
  },
  BACKUP_TARGET_EXISTS: {
    meaning: 'The folder for the backup is there already and holds something.',
    remedy:
      'Take a folder that does not exist. With a `/` at its end, each backup gets a folder of its own in it.',
  },
  BACKUP_FAILED: {
    meaning: 'A backup could not be written or could not be put in place. Nothing was changed by it.',
    remedy: 'Check space and permissions on both sides; the cause is quoted.',
  },
  BACKUP_UNUSABLE: {
    meaning: 'The folder is no backup of Labkeeper, or is not complete, or is damaged.',
    remedy: 'Take another backup. A folder that ends with `.part` was never finished.',
  },
  BACKUP_UNSUPPORTED: {
    meaning: 'The storage that is configured cannot do this by itself.',
    remedy:
      'Use the tools of the database: for PostgreSQL, pg_dump and pg_restore with the schema of Labkeeper.',
  },
  RESTORE_WOULD_REPLACE: {
    meaning: 'There is data in the data folder already.',
    remedy:
      'Restore into another folder with --data DIR, or add --replace, which moves the present data aside.',
  },
  SELECTOR_INVALID: {
    meaning: 'A text is no selector of series.',
    remedy: 'Write name, name{label="value",other=~"expression"} or {label="value"}; quote it for the shell.',
  },
  TIME_INVALID: {
    meaning: 'A text is no time, or a span ends before it begins.',
    remedy: 'Write 2026-01-31T12:00:00Z, or seconds since 1970, or how long ago: 7d.',
  },
  DATA_FILE_UNUSABLE: {
    meaning: 'The file to export to or to import from cannot be used.',
    remedy: 'Check its path, permissions and the space on the disk.',
  },
  DATA_FORMAT_UNKNOWN: {
    meaning: 'The beginning of the file does not tell which format it has.',
    remedy: 'Say it with --format openmetrics, prometheus-text or compact. Unpack compressed files first.',
  },
  KEY_INVALID: {
    meaning: 'The name or the role of a key, or a preset key, is not acceptable.',
    remedy: 'Take what is allowed; it stands beside the message.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** A code of {@link ERROR_TABLE}. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** Codes that once had a meaning. Never given a new one. */
export const RETIRED_CODES: readonly string[] = [];
