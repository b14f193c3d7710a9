using System.Numerics;

namespace Orchestration.Routing.Classification;

/// <summary>
/// The features of a prompt, found in one pass without allocation. Only integers decide which feature is meant, so that
/// every machine finds the same ones.
/// </summary>
internal static class PromptFeatureWalk
{
    public const int GramBits = 14;
    public const int ShapeCount = 128;
    public const int Count = (1 << GramBits) + ShapeCount;

    private const int FirstShape = 1 << GramBits;
    private const ulong WordSeed = 0xCBF29CE484222325;
    private const ulong WordPrime = 0x100000001B3;
    private const ulong Spread = 0x9E3779B97F4A7C15;
    private const ulong PairSalt = 0x5851F42D4C957F2D;
    private const ulong RunSalt = 0x14057B7EF767814F;
    private const ulong HanSalt = 0x2545F4914F6CDD1D;

    /// <summary>Hands every feature to the sink and counts what the text is made of.</summary>
    public static PromptCounts Walk<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        var counts = new PromptCounts { Characters = text.Length };
        ulong window = 0, word = WordSeed, previous = 0;
        var wordLength = 0;
        foreach (var raw in text)
        {
            var c = char.IsAsciiLetterUpper(raw) ? (char)(raw | 0x20) : char.IsAsciiDigit(raw) ? '0' : raw;
            var before = (char)window;
            window = (window << 16) | c;
            if (IsCjk(c))
            {
                counts.Cjk++;
                counts.Grams++;
                sink.AddGram(Place(IsCjk(before) ? (uint)window : c, HanSalt));
            }
            else if (window >> 48 != 0)
            {
                counts.Grams++;
                sink.AddGram(Place(window, RunSalt));
            }

            if (char.IsAsciiLetter(c) || c == '0')
            {
                word = (word ^ c) * WordPrime;
                wordLength++;
                if (c == '0') counts.Digits++;
                else counts.Letters++;
                continue;
            }

            EndWord(ref sink, ref counts, ref word, ref previous, ref wordLength);
            Notice(c, window, ref counts);
        }

        EndWord(ref sink, ref counts, ref word, ref previous, ref wordLength);
        AddShapes(ref sink, counts);
        return counts;
    }

    private static void EndWord<TSink>(ref TSink sink, ref PromptCounts counts, ref ulong word, ref ulong previous, ref int length)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        if (length == 0) return;
        counts.Words++;
        counts.Grams += 2;
        sink.AddGram(Place(word, 0));
        sink.AddGram(Place((previous * WordPrime) ^ word, PairSalt));
        (previous, word, length) = (word, WordSeed, 0);
    }

    private static void Notice(char c, ulong window, ref PromptCounts counts)
    {
        if (c == '\n') counts.Lines++;
        else if (c is '?' or '？') counts.Questions++;
        else if (c is '=' or '+' or '*' or '/' or '^' or '\\' or '<' or '>' or '$' or '%') counts.Symbols++;
        else if (c == '`' && (uint)window == 0x00600060) counts.Fences++;
    }

    // Shapes of 16 steps each: powers of two, or sixteenths of the whole.
    private static void AddShapes<TSink>(ref TSink sink, PromptCounts counts)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        Shape(ref sink, 0, Power(counts.Characters));
        Shape(ref sink, 1, Power(counts.Lines));
        Shape(ref sink, 2, Share(counts.Digits, counts.Characters));
        Shape(ref sink, 3, Power(counts.Symbols));
        Shape(ref sink, 4, Power(counts.Questions));
        Shape(ref sink, 5, Power(counts.Fences));
        Shape(ref sink, 6, counts.Words == 0 ? 0 : counts.Letters / counts.Words);
        Shape(ref sink, 7, Share(counts.Cjk, counts.Characters));
    }

    private static void Shape<TSink>(ref TSink sink, int kind, int step)
        where TSink : struct, IFeatureSink, allows ref struct =>
        sink.AddShape(FirstShape + (kind * 16) + Math.Min(step, 15));

    private static int Power(int value) => BitOperations.Log2((uint)value + 1);

    private static int Share(int part, int whole) => whole == 0 ? 0 : (int)(16L * part / whole);

    private static int Place(ulong gram, ulong salt) => (int)(((gram ^ salt) * Spread) >> (64 - GramBits));

    private static bool IsCjk(char c) => c is >= '\u2E80' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF';
}

/// <summary>What a text is made of.</summary>
internal struct PromptCounts
{
    public int Characters;
    public int Cjk;
    public int Letters;
    public int Digits;
    public int Words;
    public int Lines;
    public int Questions;
    public int Symbols;
    public int Fences;

    /// <summary>How many grams the sink was given.</summary>
    public int Grams;
}
