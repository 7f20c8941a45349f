<<<<<<< HEAD:console/dist/chunk-EWTDTOHX.js
import{j as i}from"./chunk-EQRPKR4Q.js";var e=i([]),r=1;function u(o,t="info"){let n=r++;e.value=[...e.value.slice(-3),{key:n,tone:t,text:o}],setTimeout(()=>s(n),t==="info"?5e3:9e3)}function s(o){e.value=e.value.filter(t=>t.key!==o)}export{e as a,u as b,s as c};
=======
<<<<<<< HEAD:console/dist/chunk-AE7ISHXB.js
import{j as i}from"./chunk-HIDNC5CA.js";var e=i([]),r=1;function u(o,t="info"){let n=r++;e.value=[...e.value.slice(-3),{key:n,tone:t,text:o}],setTimeout(()=>s(n),t==="info"?5e3:9e3)}function s(o){e.value=e.value.filter(t=>t.key!==o)}export{e as a,u as b,s as c};
=======
<<<<<<<< HEAD:console/dist/chunk-5QI2A4CC.js
import{j as i}from"./chunk-MAUMUF7U.js";var e=i([]),r=1;function u(o,t="info"){let n=r++;e.value=[...e.value.slice(-3),{key:n,tone:t,text:o}],setTimeout(()=>s(n),t==="info"?5e3:9e3)}function s(o){e.value=e.value.filter(t=>t.key!==o)}export{e as a,u as b,s as c};
========
import{j as i}from"./chunk-IIRX6DIC.js";var e=i([]),r=1;function u(o,t="info"){let n=r++;e.value=[...e.value.slice(-3),{key:n,tone:t,text:o}],setTimeout(()=>s(n),t==="info"?5e3:9e3)}function s(o){e.value=e.value.filter(t=>t.key!==o)}export{e as a,u as b,s as c};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-GFHPKMZS.js
>>>>>>> c6cff2b (Show and send files in the console):console/dist/chunk-5QI2A4CC.js
>>>>>>> 46def7b (Show and send files in the console):console/dist/chunk-AE7ISHXB.js
