using System.Text;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Chat;

/// <summary>Composes readable text of a given length in the prompt's language.</summary>
internal static class AnswerText
{
    /// <summary>A prompt is Chinese when at least a fifth of its letters are.</summary>
    public static bool IsChinese(string prompt)
    {
        var cjk = 0;
        var letters = 0;
        foreach (var letter in prompt)
        {
            if (TokenScanner.IsCjk(letter))
                cjk++;
            else if (char.IsLetter(letter))
                letters++;
        }
        return cjk > 0 && cjk * 4 >= letters;
    }

    /// <param name="opening">First sentence; may be empty.</param>
    /// <param name="sentences">What follows, picked at random and repeated as needed.</param>
    /// <param name="tokens">Exact length.</param>
    /// <param name="counter">Whose tokens are counted.</param>
    /// <param name="random">What picks the sentences.</param>
    /// <param name="spaced">True when sentences are parted by a space.</param>
    public static TokenizedText Compose(string opening, string[] sentences, int tokens, TokenCounter counter, ref StableRandom random, bool spaced)
    {
        var text = new StringBuilder(opening, Math.Max(16, tokens * 5));
        var composed = counter.Split(opening);
        // Tokens may span sentences, so the sum over sentences can fall short of the whole.
        while (composed.Count < tokens)
        {
            for (var missing = tokens - composed.Count; missing > 0;)
            {
                var sentence = sentences[random.Next(sentences.Length)];
                if (spaced && text.Length > 0)
                    text.Append(' ');
                text.Append(sentence);
                missing -= counter.Count(sentence);
            }
            composed = counter.Split(text.ToString());
        }
        return composed.Take(tokens);
    }
}
