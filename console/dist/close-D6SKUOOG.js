import{a as o,b as r}from"./chunk-VJ4ILZMZ.js";import"./chunk-EYCPPX62.js";import"./chunk-VQ25UFNE.js";import"./chunk-CBHN3DZH.js";import"./chunk-VMK4SWZG.js";export{r as Choice,o as default};
