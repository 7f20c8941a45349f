// Package storagetest opens real databases for tests: SQLite files, and a private Postgres server that is
// started once a test binary and gives every test a database of its own.
//
//	func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) } // stops the server at the end
//
//	func TestQueue(t *testing.T) {
//		storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
//			db := open()     // fresh, migrated; closed when the test ends
//			other := open()  // a second node on the same database
//		})
//	}
//
// Without a Postgres installation its half is skipped; OMBUD_TEST_POSTGRES=required makes that a failure, and
// OMBUD_TEST_POSTGRES=off skips it although there is one.
package storagetest
