//! Writing many files, all or none.
