package storage

import "context"

// FillSearch runs the code of the migration that fills the index of search.
func (db *DB) FillSearch(ctx context.Context) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := backfill(ctx, tx, db.Dialect() != "sqlite"); err != nil {
		return err
	}
	return tx.Commit()
}
