import{a as o,b as r}from"./chunk-ERXB5IIG.js";import"./chunk-TQQNV42Y.js";import"./chunk-4RUTOPNG.js";import"./chunk-AM2IWNGU.js";import"./chunk-SDMWQBHV.js";export{r as Choice,o as default};
