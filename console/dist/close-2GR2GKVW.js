import{a as o,b as r}from"./chunk-BOR4BXCG.js";import"./chunk-6KRGDEYK.js";import"./chunk-DFFBOYHZ.js";import"./chunk-VJOW6EJL.js";import"./chunk-3BJSCIWN.js";export{r as Choice,o as default};
