using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestration.Simulator.Chat;

/// <summary>
/// Numbered passages that a prompt quotes between marks. A prompt with such passages is answered by the sentence of them that shares most
/// words with the question, and its number: enough to see an answer from documents, and its citation, without a model.
/// </summary>
internal static partial class QuotedSources
{
    private const int ShortestWord = 3;

    /// <summary>The answer from the passages in a text; null when it quotes none.</summary>
    /// <param name="text">What the user sent, the passages included.</param>
    /// <param name="question">What is asked.</param>
    public static string? Answer(string text, string question)
    {
        if (Block().Match(text) is not { Success: true } block)
            return null;
        var terms = TermsOf(question);
        var (best, number, shared) = ("", 0, 0);
        foreach (Match passage in Passage().Matches(block.Groups["block"].Value))
        {
            foreach (var sentence in Sentence().Split(passage.Groups["text"].Value).Select(part => part.Trim().TrimEnd('.', '!', '?', '。', '！', '？')).Where(part => part.Length > 0))
            {
                var count = TermsOf(sentence).Count(terms.Contains);
                if (count > shared)
                    (best, number, shared) = (sentence, int.Parse(passage.Groups["number"].Value, CultureInfo.InvariantCulture), count);
            }
        }

        var chinese = AnswerText.IsChinese(question);
        if (shared == 0)
            return chinese ? "资料中没有相关内容。" : "The sources do not say.";
        return chinese ? $"{best}[{number}]。" : $"{best} [{number}].";
    }

    // Words where words are spelled, pairs of characters where they are not.
    private static HashSet<string> TermsOf(string text)
    {
        var terms = Word().Matches(text.ToLowerInvariant()).Select(word => word.Value).Where(word => word.Length >= ShortestWord && word[0] < '\u2e80').ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] >= '\u4e00' && text[i + 1] >= '\u4e00' && char.IsLetter(text[i]) && char.IsLetter(text[i + 1]))
                terms.Add(text.Substring(i, 2));
        }

        return terms;
    }

    [GeneratedRegex(@"<sources-(?<mark>[0-9A-Za-z]+)>\n(?<block>.*?)</sources-\k<mark>>", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\[(?<number>\d{1,4})\][^\n]*\n(?<text>.*?)(?=^\[\d{1,4}\]|\z)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Passage();

    [GeneratedRegex(@"(?<=[.!?])\s+|(?<=[。！？])|\n+")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
