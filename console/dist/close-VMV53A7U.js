import{a as o,b as r}from"./chunk-RXSKSZDL.js";import"./chunk-MRDE3KXK.js";import"./chunk-AOWDUSV7.js";import"./chunk-O46HIR57.js";import"./chunk-KCZD4NF6.js";export{r as Choice,o as default};
