using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class BackendLineTests
{
    [Fact]
    public void TryParseLine_Address_IsRead()
    {
        Assert.True(BackendLine.TryParseLine("http://a:1", out BackendOptions? backend, out _));
        Assert.Equal("a:1", backend.Address.HostAndPort);
        Assert.Equal(new BackendOptions { Address = backend.Address }, backend);
    }

    [Theory]
    [InlineData(
    "a:1 name=web-1.b_2 weight=0 backup max_connections=100 check=http health_path=/ready?x=1 check_port=8081 " +
    "check_interval=500ms", false)]
    [InlineData(
        "a:1,check_interval=500ms,check_port=8081,health_path=/ready?x=1,check=http,max_connections=100,backup,weight=0," +
        "name=web-1.b_2", true)]
    public void TryParse_AllOptionsInAnyOrder_AreRead(string text, bool isValue)
    {
        Assert.True(
            isValue
                ? BackendLine.TryParseValue(text, out BackendOptions? backend, out _)
                : BackendLine.TryParseLine(text, out backend, out _));
        var expected = new BackendOptions
        {
            Address = backend.Address,
            Name = "web-1.b_2",
            Weight = 0,
            IsBackup = true,
            MaxConnections = 100,
            Check = CheckKind.Http,
            HealthPath = "/ready?x=1",
            CheckPort = 8081,
            CheckInterval = TimeSpan.FromMilliseconds(500),
        };
        Assert.Equal(expected, backend);
    }

    [Theory]
    [InlineData("a:1\t b:2", "'a:1' has the unknown option 'b:2'; a further backend goes in a line of its own.")]
    [InlineData("weight=5 a:1", "'weight=5' is not a backend: the port is missing; write host:port.")]
    [InlineData("a:1 wieght=5", "'a:1' has the unknown option 'wieght=5'; did you mean weight?")]
    [InlineData("a:1 Backup", "'a:1' has the unknown option 'Backup'; did you mean backup?")]
    [InlineData("a:1 max_conn=5",
    "'a:1' has the unknown option 'max_conn=5'; the options are name, weight, backup, max_connections, check, health_path, " +
    "check_send, check_expect, check_port, check_interval, first_byte_timeout, resolve, source_address, " +
    "send_proxy, server_name, tls, tls_ca, tls_name, tls_cert, tls_key.")]
    [InlineData("a:1 =5",
    "'a:1' has the unknown option '=5'; the options are name, weight, backup, max_connections, check, health_path, check_send, " +
    "check_expect, check_port, check_interval, first_byte_timeout, resolve, source_address, " +
    "send_proxy, server_name, tls, tls_ca, tls_name, tls_cert, tls_key.")]
    [InlineData("a:1 weight=5 weight=5", "'a:1' has the option weight twice.")]
    [InlineData("a:1 weight=257", "'a:1' has the option 'weight=257', which is not a whole number from 0 to 256.")]
    [InlineData("a:1 weight=-1", "'a:1' has the option 'weight=-1', which is not a whole number from 0 to 256.")]
    [InlineData("a:1 weight=", "'a:1' has the option 'weight=', which is not a whole number from 0 to 256.")]
    [InlineData("a:1 weight", "'a:1' has the option 'weight', which is not a whole number from 0 to 256.")]
    [InlineData("a:1 max_connections=0", "'a:1' has the option 'max_connections=0', which is not a whole number from 1 to 2147483647.")]
    [InlineData("a:1 max_connections=2147483648",
        "'a:1' has the option 'max_connections=2147483648', which is not a whole number from 1 to 2147483647.")]
    [InlineData("a:1 check_port=65536", "'a:1' has the option 'check_port=65536', which is not a whole number from 1 to 65535.")]
    [InlineData("a:1 backup=1", "'a:1' has the option 'backup=1', which takes no value; write backup.")]
    [InlineData("a:1 check=htp", "'a:1' has the option 'check=htp', which is unknown; did you mean http?")]
    [InlineData("a:1 check=gopher",
        "'a:1' has the option 'check=gopher', which is not auto, tcp, http, https, redis, mysql, postgres, smtp, "
        + "tls, memcached or none.")]
    [InlineData("a:1 check=rediss", "'a:1' has the option 'check=rediss', which is unknown; did you mean redis?")]
    [InlineData(@"a:1 check_send=\q",
        @"'a:1' has the option 'check_send=\q', where '\q' has the unknown escape '\q'; use \r, \n, \t, \0, \\ or \xNN.")]
    [InlineData("a:1 check=redis check_send=x",
        "'a:1' has check=redis and check_send, but only a TCP check sends and expects bytes; write check=tcp.")]
    [InlineData("a:1 check_expect=x check=http",
        "'a:1' has check=http and check_expect, but only a TCP check sends and expects bytes; write check=tcp.")]
    [InlineData(
        "a:1 check_expect=x check=none", "'a:1' has check=none and check_expect, but is not checked then; leave one of them out.")]
    [InlineData("http://a:1 check_expect=x health_path=/x", "'http://a:1' has check_expect and health_path; leave one of them out.")]
    [InlineData("a:1 check=smtp health_path=/x",
        "'a:1' has check=smtp and health_path, but only an HTTP check asks for a path; write check=http.")]
    [InlineData(
        "a:1 health_path=x", "'a:1' has the option 'health_path=x', where 'x' is not a path like /health, in ASCII, without blanks and #.")]
    [InlineData("a:1 check_interval=5",
        "'a:1' has the option 'check_interval=5', where '5' has no unit; write 5s for seconds or 5ms for milliseconds.")]
    [InlineData("a:1 check_interval=0", "'a:1' has the option 'check_interval=0', which cannot be 0; the shortest is 10ms.")]
    [InlineData("a:1 check_interval=1ms", "'a:1' has the option 'check_interval=1ms', which is not between 10ms and 720h.")]
    [InlineData("a:1 name=a:2",
        "'a:1' has the option 'name=a:2', where 'a:2' is not a name of 1 to 64 letters, digits, dots, dashes and underscores.")]
    [InlineData("a:1 check=none health_path=/x", "'a:1' has check=none and health_path, but is not checked then; leave one of them out.")]
    [InlineData("a:1 check_port=80 check=none", "'a:1' has check=none and check_port, but is not checked then; leave one of them out.")]
    [InlineData(
        "a:1 check=none check_interval=1s", "'a:1' has check=none and check_interval, but is not checked then; leave one of them out.")]
    [InlineData("http://a:1 check=tcp health_path=/x",
        "'http://a:1' has check=tcp and health_path, but only an HTTP check asks for a path; write check=http.")]
    [InlineData("unix:/run/a check_port=80", "'unix:/run/a' has check_port, but a unix socket has no port; leave it out.")]
    [InlineData("unix:/run/a source_address=10.0.0.1",
        "'unix:/run/a' has source_address, but a unix socket is not dialled from an address; leave it out.")]
    [InlineData("a:1 source_address=host", "'a:1' has the option 'source_address=host', where 'host' is a name; write an address.")]
    [InlineData("a:1 source_address=::",
        "'a:1' has the option 'source_address=::', where '::' stands for all addresses; write one of them.")]
    [InlineData("a:1 check=auto health_path=/x",
        "'a:1' has check=auto and health_path, but auto asks for a path only where the address begins with http://; write check=http.")]
    public void TryParseLine_WrongLine_IsRefusedNamingIt(string line, string expected)
    {
        Assert.False(BackendLine.TryParseLine(line, out _, out string? error));
        Assert.Equal(expected, error);
    }

    // With --check http the first has a use for the path.
    [Theory]
    [InlineData("a:1 health_path=/x check_port=80 check_interval=1s")]
    [InlineData("a:1 check=tcp check_port=80 check_interval=1s")]
    [InlineData("http://a:1 check=auto health_path=/x")]
    [InlineData("a:1 check_expect=x")]
    [InlineData("http://a:1 check=auto check_send=x")]
    [InlineData("a:1 check=tcp check_send=x check_expect=x")]
    public void TryParseLine_OptionsThatMayHaveAnEffect_AreRead(string line) => Assert.True(BackendLine.TryParseLine(line, out _, out _));

    [Theory]
    [InlineData("http://a:1", "http://a:1,weight=1")]
    [InlineData("a:1,source_address=[::1]", "a:1,weight=1,source_address=::1")]
    [InlineData(@"a:1,check_send=a b\x2c\r\n,check_expect=+\x50", @"a:1,weight=1,check_send=a\x20b\x2C\r\n,check_expect=+P")]
    [InlineData("unix:/run/a,check=http", "unix:/run/a,weight=1,check=http")]
    [InlineData("a:1,backup,name=x", "a:1,name=x,weight=1,backup")]
    [InlineData(
        "a:1,check_interval=500ms,check_port=8081,health_path=/x,check=http,max_connections=9,backup,weight=0,name=x",
        "a:1,name=x,weight=0,backup,max_connections=9,check=http,health_path=/x,check_port=8081,check_interval=500ms")]
    public void FormatValue_Backend_IsWrittenAsItIsRead(string value, string expected)
    {
        Assert.True(BackendLine.TryParseValue(value, out BackendOptions? backend, out _));
        Assert.Equal(expected, BackendLine.FormatValue(backend));
        Assert.True(BackendLine.TryParseValue(expected, out BackendOptions? again, out _));
        Assert.Equal(backend, again);
    }

    [Theory]
    [InlineData("a:1,b:2", "'a:1' has the unknown option 'b:2'; a further backend goes in a value of its own.")]
    [InlineData("a:1,", "'a:1' has the unknown option ''; a further backend goes in a value of its own.")]
    [InlineData(",a:1", "'' is not a backend: the port is missing; write host:port.")]
    [InlineData("", "'' is not a backend: the port is missing; write host:port.")]
    [InlineData("a:1 ", "'a:1 ' is not a backend: the port '1 ' is not a number from 1 to 65535.")]
    public void TryParseValue_MoreThanAnAddress_IsRefusedNamingIt(string value, string expected)
    {
        Assert.False(BackendLine.TryParseValue(value, out _, out string? error));
        Assert.Equal(expected, error);
    }
}
