/**
 * Version of the plugin contract. Follows semantic versioning by itself, apart from the package: while it begins
 * with 0 the second number is the breaking one. A plugin carries the version it was built with.
 */
export const CONTRACT_VERSION = '0.1.0';
