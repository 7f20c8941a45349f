import{a as o,b as r}from"./chunk-UB3EAY4S.js";import"./chunk-MWJCVT47.js";import"./chunk-F32LFAJ5.js";import"./chunk-RS3PCSPA.js";import"./chunk-N53WCGJR.js";export{r as Choice,o as default};
