// Package transcript writes a conversation as plain text for an e-mail, in the language of the conversation.
package transcript
