import{a as o,b as r}from"./chunk-TNHGQ3UI.js";import"./chunk-VOAPJJEM.js";import"./chunk-342NIHUL.js";import"./chunk-JL3FYDOC.js";import"./chunk-UTC4JZIR.js";export{r as Choice,o as default};
