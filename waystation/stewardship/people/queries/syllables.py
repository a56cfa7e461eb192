"""Letters typed without spaces, cut into the syllables of Mandarin: "chenli" is "chen li"."""

from functools import lru_cache

_TABLE = """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can
    cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai
    chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de den
    deng di dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei
    fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan
    guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui
    hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao
    ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li
    lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang
    mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen
    neng ni nian niang niao nie nin ning niu nong nou nu nuan nun nuo nv nve o ou pa pai pan
    pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin
    qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run
    ruo sa sai san sang sao se sen seng sha shai shan shang shao she shen sheng shi shou shu
    shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao
    te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo
    wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin
    ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang
    zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou
    zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_TABLE.split())
LONGEST = max(map(len, SYLLABLES))
_MOST = 8
_STARTS = frozenset(word[:length] for word in SYLLABLES for length in range(1, len(word) + 1))


@lru_cache(maxsize=1024)
def cuts(letters: str) -> tuple[str, ...]:
    """Every way to read the letters as syllables, the last perhaps unfinished; longest first.

    "xian" is "xian" and "xi an"; "chenl" is "chen l"; "wxm" is none: those are initials.
    """
    return tuple(" ".join(cut) for cut in _cut(letters, _MOST)) if letters else ()


def _cut(letters: str, most: int) -> list[list[str]]:
    found: list[list[str]] = []
    if letters in _STARTS:
        found.append([letters])
    for length in range(min(LONGEST, len(letters) - 1), 0, -1):
        head = letters[:length]
        if head not in SYLLABLES:
            continue
        for rest in _cut(letters[length:], most - len(found)):
            found.append([head, *rest])
        if len(found) >= most:
            break
    return found[:most]
