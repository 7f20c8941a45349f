import{a as o,b as r}from"./chunk-QSLLIIBU.js";import"./chunk-Q3I4LXOC.js";import"./chunk-4EYLSHP4.js";import"./chunk-M7HAIWPX.js";import"./chunk-XLUW2XWY.js";export{r as Choice,o as default};
