// The exceptions that calls declare. Clients tell failures apart by the type and by the field of the result that it
// comes in; all carry a text for people, which some clients read too.
namespace py hive_thrift.errors
namespace cpp lodestone.hive.thrift
// Everything that has no kind of its own.
exception MetaException { 1: string message }

// Clients test for existence by this one.
exception NoSuchObjectException { 1: string message }

exception AlreadyExistsException { 1: string message }

// The object given, or what it stands in, is not possible.
exception InvalidObjectException { 1: string message }

// Not with this object, or not in its state.
exception InvalidOperationException { 1: string message }

exception InvalidInputException { 1: string message }

// Of the calls about columns, in place of NoSuchObjectException.
exception UnknownTableException { 1: string message }

exception UnknownDBException { 1: string message }

// A configuration key that is not for everyone.
exception ConfigValSecurityException { 1: string message }

// Of transactions and locks: they have no declared way to say anything else.
exception NoSuchTxnException { 1: string message }

exception TxnAbortedException { 1: string message }
exception TxnOpenException { 1: string message }
exception NoSuchLockException { 1: string message }
