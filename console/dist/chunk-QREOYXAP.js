<<<<<<< HEAD:console/dist/chunk-QREOYXAP.js
import{b as s}from"./chunk-QCZWKB3O.js";import{a as u,c as d}from"./chunk-5HOUH6KP.js";import{h as i}from"./chunk-AB6RH4QL.js";import{A as g,w as m}from"./chunk-EQRPKR4Q.js";function h(t){let r=u(t),e=g.value.get(t),n=r.detail.value,a=e?.owner??s(r.events.value)??n?.owner,f=n?.agent?{id:n.agent,name:n.agent_name??""}:void 0,o=a==="agent"?e?.agent??f:void 0,c=e?.visitor.name||d(r).name||i(t);return{id:t,name:c,owner:a,holder:o??void 0,item:e,mine:a==="agent"&&o?.id===m.value?.id,language:e?.language??n?.language??""}}export{h as a};
=======
<<<<<<< HEAD:console/dist/chunk-I5OXCGBI.js
import{b as s}from"./chunk-AVELSDL5.js";import{a as u,c as d}from"./chunk-XTLBKKDV.js";import{h as i}from"./chunk-KNIA4DEG.js";import{A as g,w as m}from"./chunk-HIDNC5CA.js";function h(t){let r=u(t),e=g.value.get(t),n=r.detail.value,a=e?.owner??s(r.events.value)??n?.owner,f=n?.agent?{id:n.agent,name:n.agent_name??""}:void 0,o=a==="agent"?e?.agent??f:void 0,c=e?.visitor.name||d(r).name||i(t);return{id:t,name:c,owner:a,holder:o??void 0,item:e,mine:a==="agent"&&o?.id===m.value?.id,language:e?.language??n?.language??""}}export{h as a};
=======
<<<<<<<< HEAD:console/dist/chunk-V5L6ZDJI.js
import{b as s}from"./chunk-YAHIUDSJ.js";import{a as u,c as d}from"./chunk-KP4VY5ZS.js";import{h as i}from"./chunk-DWRBSLQY.js";import{A as g,w as m}from"./chunk-MAUMUF7U.js";function h(t){let r=u(t),e=g.value.get(t),n=r.detail.value,a=e?.owner??s(r.events.value)??n?.owner,f=n?.agent?{id:n.agent,name:n.agent_name??""}:void 0,o=a==="agent"?e?.agent??f:void 0,c=e?.visitor.name||d(r).name||i(t);return{id:t,name:c,owner:a,holder:o??void 0,item:e,mine:a==="agent"&&o?.id===m.value?.id,language:e?.language??n?.language??""}}export{h as a};
========
import{b as s}from"./chunk-WKDHEK3U.js";import{a as u,f as d}from"./chunk-VPWJEDAY.js";import{h as i}from"./chunk-RBT3XJXI.js";import{A as g,w as m}from"./chunk-IIRX6DIC.js";function h(t){let r=u(t),e=g.value.get(t),n=r.detail.value,a=e?.owner??s(r.events.value)??n?.owner,f=n?.agent?{id:n.agent,name:n.agent_name??""}:void 0,o=a==="agent"?e?.agent??f:void 0,c=e?.visitor.name||d(r).name||i(t);return{id:t,name:c,owner:a,holder:o??void 0,item:e,mine:a==="agent"&&o?.id===m.value?.id,language:e?.language??n?.language??""}}export{h as a};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-ENJ5AXGP.js
>>>>>>> c6cff2b (Show and send files in the console):console/dist/chunk-V5L6ZDJI.js
>>>>>>> 46def7b (Show and send files in the console):console/dist/chunk-I5OXCGBI.js
