"""Tables that the keys of names are made with; `names` is the door to them."""

# Forms that opencc leaves alone: Japanese and Korean shapes, old doubles, and characters that
# are typed for one another because they look alike. The second of each pair is the commoner one.
LOOK_ALIKES = """
囯国 囻国 圀国 锺钟 鈡钟 堃坤 喆哲 甦苏 淸清 靑青 愼慎 曽曾 増增 恵惠 栄荣 桜樱 亜亚 豊丰
徳德 徴征 邨村 叡睿 濬浚 翶翱 勲勋 氷冰 秊年 呉吴 戸户 蔴麻 髙高 濵滨 浜滨 斉齐 斎斋 竜龙
沢泽 広广 実实 発发 気气 黒黑 満满 歩步 渕渊 煕熙 熈熙 凞熙 菓果 珎珍 暁晓 妺妹 姸妍 娯娱
凈净 浄净 夲本 仝同 冄冉 囘回 囬回 圡土 卋世 冨富 扵于 徃往 亊事 㑹会 坔地 埊地 強强 凃涂
寗宁 甯宁 寜宁 祕秘 綉绣 鋭锐 説说 閲阅 彥彦 産产 顔颜 聴听 総总 経经 転转 関关 険险 検检
剣剑 験验 県县 芸艺 覚觉 営营 厳严 単单 弾弹 戦战 帯带 塩盐 両两 霊灵 変变 応应 済济 剤剂
児儿 帰归 楽乐 薬药 桟栈 銭钱 続续 読读 売卖 価价 仮假 仏佛 払拂 已己 巳己 末未 曰日 戍戌
候侯 睛晴 拨拔 汨汩 毫亳 荼茶 剌刺 羸赢 嬴赢 毌毋 丏丐 雎睢 袆祎 褀祺 桢祯 沬沫 冼洗 孑子
孒子 蘓苏 甪角 莖茎 菫堇 炤照 燿耀 昇升 陞升 峯峰 逥回 廻回 尅克 勀克 畧略 羣群 裠裙
"""

COMPOUND_SURNAMES = """
欧阳 上官 诸葛 司马 司徒 司空 司寇 东方 西门 南宫 东郭 南门 北宫 皇甫 尉迟 公孙 慕容 令狐
钟离 宇文 长孙 夏侯 轩辕 端木 百里 呼延 万俟 闻人 赫连 澹台 淳于 单于 太叔 申屠 濮阳 宗政
公冶 公羊 公西 公良 公伯 独孤 拓跋 完颜 纳兰 闾丘 左丘 梁丘 颛孙 仲孙 叔孙 亓官 巫马 漆雕
乐正 壤驷 夹谷 宰父 谷梁 鲜于 第五 太史 段干 羊舌 微生 子车 左人 东门 哥舒 贺兰 拓拔 耶律
达奚 斛律 范姜 陆费 侯莫 呼和 归海 南荣 东里
"""

# The reading of a character where it stands as a surname, when it is not its usual one or when
# the usual one is in doubt. A compound surname has its syllables joined by a hyphen.
SURNAME_READINGS = """
单=shan 仇=qiu 解=xie 查=zha 区=ou 朴=piao 盖=ge 任=ren 曾=zeng 尉迟=yu-chi 万俟=mo-qi
乐=yue 洗=xian 员=yun 缪=miao 宓=mi 覃=qin 谌=chen 种=chong 繁=po 黑=he 佴=nai 郇=xun
祭=zhai 隗=wei 逄=pang 牟=mu 能=nai 召=shao 句=gou 长孙=zhang-sun 折=she 秘=bi 翟=zhai
么=yao 晁=chao 应=ying 訾=zi 阙=que 都=du 藏=zang 褚=chu 澹台=tan-tai 乐正=yue-zheng
单于=chan-yu 令狐=ling-hu 亓官=qi-guan 尉=wei 车=che 沈=shen 卜=bu 葛=ge 郗=xi 强=qiang
石=shi 於=yu 于=yu 宁=ning 贾=jia 曲=qu 瞿=qu 盛=sheng 俞=yu 適=kuo 哈=ha 撒=sa 那=na
洗马=xian-ma 缴=jiao 蕃=pi 过=guo 陆=lu 六=lu 重=chong 行=xing 省=xing 甯=ning 阚=kan
臧=zang
"""
