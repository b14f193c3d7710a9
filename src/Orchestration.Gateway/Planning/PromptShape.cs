using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Planning;

/// <summary>What the classifier may know of a prompt.</summary>
internal static class PromptShape
{
    /// <summary>Most UTF-8 bytes of user text that leave the gateway for classification.</summary>
    public const int LongestText = 8 * 1024;

    public static PromptFeatures Features(ChatRequest request, TextSize size) => new()
    {
        MessageCount = request.Messages.Count,
        ToolCount = request.Tools.Count,
        ImageCount = size.Images,
        TextBytes = size.Bytes,
        CjkCharacters = size.CjkCharacters,
        OtherCharacters = size.OtherCharacters,
        JsonSchema = request.ResponseFormat?.Kind == ResponseFormatKind.JsonSchema,
    };

    /// <summary>The end of the last user turn's text, cut at a character boundary.</summary>
    public static string LastUserText(ChatRequest request)
    {
        for (var i = request.Messages.Count - 1; i >= 0; i--)
        {
            if (request.Messages[i].Role == Role.User)
                return Tail(TextOf(request.Messages[i]));
        }

        return "";
    }

    /// <summary>The longest end of a text that fits in <see cref="LongestText"/> bytes.</summary>
    public static string Tail(string text)
    {
        const int mostBytesPerCharacter = 3;
        if (text.Length <= LongestText / mostBytesPerCharacter)
            return text;
        var (start, bytes) = (text.Length, 0);
        while (start > 0)
        {
            var isPair = start > 1 && char.IsSurrogatePair(text[start - 2], text[start - 1]);
            bytes += isPair ? 4 : text[start - 1] switch { < '\u0080' => 1, < '\u0800' => 2, _ => 3 };
            if (bytes > LongestText)
                break;
            start -= isPair ? 2 : 1;
        }

        return text[start..];
    }

    private static string TextOf(Message message)
    {
        if (message.Parts.Count == 1 && message.Parts[0].ContentCase == Part.ContentOneofCase.Text)
            return message.Parts[0].Text.Text_;
        return string.Join('\n', message.Parts.Where(p => p.ContentCase == Part.ContentOneofCase.Text).Select(p => p.Text.Text_));
    }
}
