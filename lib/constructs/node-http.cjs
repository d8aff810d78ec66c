/**
 * Node's own `http`, for bundles. An ES import of it reads every name that it exports, and one of them loads a web
 * client of 15 ms that no function uses.
 */
module.exports = process.getBuiltinModule('node:http');
