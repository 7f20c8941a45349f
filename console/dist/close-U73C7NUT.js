import{a as o,b as r}from"./chunk-UP4I47NU.js";import"./chunk-BUZCHY2M.js";import"./chunk-OFAGXFHT.js";import"./chunk-XYJOW2RG.js";import"./chunk-3RXCHPTF.js";export{r as Choice,o as default};
