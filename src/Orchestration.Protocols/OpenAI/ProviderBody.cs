namespace Orchestration.Protocols.OpenAI;

/// <summary>Bodies as providers send them.</summary>
internal static class ProviderBody
{
    /// <summary>Without byte order mark and blank lines around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return (body.StartsWith(mark) ? body[mark.Length..] : body).Trim(" \t\r\n"u8);
    }
}
