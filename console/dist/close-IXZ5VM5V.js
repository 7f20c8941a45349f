import{a as o,b as r}from"./chunk-R5KMS643.js";import"./chunk-LPQTPYFZ.js";import"./chunk-E36JXZQE.js";import"./chunk-HTNLMMX3.js";import"./chunk-B2YIESIY.js";export{r as Choice,o as default};
