import{a as o,b as r}from"./chunk-OYXOBUPK.js";import"./chunk-WC473Q54.js";import"./chunk-ELHFQPD3.js";import"./chunk-DY4SKSCI.js";import"./chunk-Y26K2PE6.js";export{r as Choice,o as default};
