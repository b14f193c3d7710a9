namespace Orchestration.Protocols;

/// <summary>
/// Tokens per character of a family of tokenizers. The upper factors leave room for code, digits and rare scripts;
/// bytes bound every byte-level tokenizer from above.
/// </summary>
public sealed class TokenFamily
{
    private const double PerMessage = 4;
    private const double PerImage = 1_100;
    private const double UpperPerImage = 3_000;
    private const double NonAsciiBytesPerToken = 2.5;

    private static readonly TokenFamily Unknown = new(["other"], 0.9, 0.28, 1.6, 0.5);

    private static readonly TokenFamily[] Known =
    [
        new(["deepseek"], 0.6, 0.3, 1.2, 0.5),
        new(["qwen", "qwq", "text-embedding-v"], 0.65, 0.27, 1.2, 0.5),
        new(["glm", "chatglm", "embedding-"], 0.62, 0.27, 1.2, 0.5),
        new(["kimi", "moonshot"], 0.6, 0.26, 1.2, 0.5),
        new(["minimax", "abab"], 0.65, 0.27, 1.2, 0.5),
        new(["doubao", "ernie", "hunyuan", "step-", "yi-", "baichuan", "spark"], 0.7, 0.28, 1.3, 0.5),
        new(["gpt-4o", "gpt-4.1", "gpt-5", "o1", "o3", "o4"], 0.85, 0.24, 1.5, 0.45),
        new(["gpt-", "text-embedding-"], 1.1, 0.25, 2.0, 0.45),
        new(["claude"], 1.15, 0.29, 2.0, 0.55),
        new(["gemini"], 0.7, 0.25, 1.3, 0.45),
        new(["mistral", "mixtral", "codestral", "grok", "llama", "command"], 1.1, 0.27, 2.0, 0.5),
    ];

    private readonly string[] _prefixes;
    private readonly double _perCjk;
    private readonly double _perOther;
    private readonly double _upperPerCjk;
    private readonly double _upperPerOther;

    private TokenFamily(string[] prefixes, double perCjk, double perOther, double upperPerCjk, double upperPerOther) =>
        (_prefixes, _perCjk, _perOther, _upperPerCjk, _upperPerOther) = (prefixes, perCjk, perOther, upperPerCjk, upperPerOther);

    /// <summary>First of the names that its models begin with; "other" for unknown models.</summary>
    public string Name => _prefixes[0];

    /// <summary>The family of a model.</summary>
    public static TokenFamily Of(string model)
    {
        // "provider/model" and "provider:model" name the same tokenizer as "model".
        var name = model.AsSpan(model.LastIndexOfAny(['/', ':']) + 1);
        foreach (var family in Known)
        {
            foreach (var prefix in family._prefixes)
            {
                if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    return family;
            }
        }

        return Unknown;
    }

    /// <summary>Best estimate of the tokens of a text.</summary>
    public long Estimate(TextSize size) =>
        RoundUp((size.CjkCharacters * _perCjk) + OtherTokens(size, _perOther), size, PerImage);

    /// <summary>Number of tokens that a text will hardly pass.</summary>
    public long UpperBound(TextSize size)
    {
        var tokens = (size.CjkCharacters * _upperPerCjk) + OtherTokens(size, _upperPerOther);
        return RoundUp(Math.Min(tokens, size.Bytes), size, UpperPerImage);
    }

    private static long RoundUp(double tokens, TextSize size, double perImage) =>
        (long)Math.Ceiling(tokens + (size.Messages * PerMessage) + (size.Images * perImage));

    // Scripts beyond Latin take more bytes and more tokens per character: bytes above one per character are charged as well.
    private static double OtherTokens(TextSize size, double perCharacter)
    {
        var extraBytes = Math.Max(0, size.Bytes - (3 * size.CjkCharacters) - size.OtherCharacters);
        return (size.OtherCharacters * perCharacter) + (extraBytes / NonAsciiBytesPerToken);
    }
}
