// Package identity checks the tokens by which a site vouches for who its visitor is.
package identity
