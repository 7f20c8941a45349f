package hub_test

import (
	"os"
	"testing"

	"ombud/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }
