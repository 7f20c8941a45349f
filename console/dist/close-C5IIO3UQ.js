import{a as o,b as r}from"./chunk-ZW32D6QX.js";import"./chunk-EEMBPF47.js";import"./chunk-7IEPJYES.js";import"./chunk-NEGKSLIP.js";import"./chunk-ILP7JZ7E.js";export{r as Choice,o as default};
