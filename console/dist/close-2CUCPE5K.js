import{a as o,b as r}from"./chunk-YHCSJG7U.js";import"./chunk-OULSR3E4.js";import"./chunk-3UJBNQ3X.js";import"./chunk-TWMP54ZH.js";import"./chunk-3YKUNO44.js";export{r as Choice,o as default};
