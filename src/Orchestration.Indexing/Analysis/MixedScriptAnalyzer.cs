using System.Text;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Miscellaneous;
using Lucene.Net.Analysis.Snowball;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.Util;
using Lucene.Net.Util;

namespace Orchestration.Indexing.Analysis;

/// <summary>The chain of Lucene's filters: word breaks of Unicode, widths and accents folded, then each script's own.</summary>
internal sealed class MixedScriptAnalyzer : Analyzer
{
    private const LuceneVersion Compatibility = LuceneVersion.LUCENE_48;

    // Snowball's list: it also has the words that questions are made of.
    private static readonly CharArraySet StopWords = WordlistLoader.GetSnowballWordSet(
        IOUtils.GetDecodingReader(typeof(SnowballFilter), "english_stop.txt", Encoding.UTF8), Compatibility);

    protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
    {
        var words = new StandardTokenizer(Compatibility, reader);
        TokenStream terms = new CJKWidthFilter(words);
        terms = new LowerCaseFilter(Compatibility, terms);
        terms = new EnglishPossessiveFilter(Compatibility, terms);
        terms = new ASCIIFoldingFilter(terms);
        terms = new StopFilter(Compatibility, terms, StopWords);
        terms = new CJKBigramFilter(terms, CJKScript.HAN | CJKScript.HIRAGANA | CJKScript.KATAKANA | CJKScript.HANGUL, outputUnigrams: true);
        terms = new StopFilter(Compatibility, terms, ChineseStopWords.Set);
        return new TokenStreamComponents(words, new SnowballFilter(terms, "English"));
    }
}
